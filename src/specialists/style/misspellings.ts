/**
 * Misspellings that are no word of English in any of its spellings, and have one correction. Rule: no word that is also a
 * name, an abbreviation, a variant or a word of another European language; endings are written out, never guessed.
 */
const PAIRS = `accidently accidentally|accomodate accommodate|accomodates accommodates|accross across|acheive achieve
acheived achieved|acheives achieves|agressive aggressive|algorithmn algorithm|alogrithm algorithm
alphabeticaly alphabetically|ambigous ambiguous|appearence appearance|aproximate approximate|aquire acquire
aquired acquired|aquires acquires|arbitary arbitrary|arguement argument|arguements arguments
asynchonous asynchronous|asyncronous asynchronous|asyncronously asynchronously|auxilliary auxiliary
availabe available|availible available|avaliable available|bandwith bandwidth|beacuse because|becasue because
becuase because|beggining beginning|begining beginning|beleive believe|beleived believed|boundry boundary
calcualte calculate|charachter character|charachters characters|charcter character|charcters characters
chracter character|commited committed|commiting committing|compatability compatibility
compatiblity compatibility|completly completely|concatentate concatenate|condtion condition|condtions conditions
conection connection|configration configuration|configuraiton configuration|consistancy consistency
consistant consistent|contructor constructor|convertion conversion|convinient convenient
coresponding corresponding|corresonding corresponding|correspoding corresponding|corrseponding corresponding
curently currently|currenly currently|decendant descendant|decendants descendants|definately definitely
definitly definitely|defintion definition|defintions definitions|dependancies dependencies|depricated deprecated
derefence dereference|descibe describe|descibes describes|desciption description|descripton description
desctructor destructor|deterministicly deterministically|differnt different|diffrent different
dissapear disappear|dissapears disappears|dissappear disappear|documenation documentation
documentaion documentation|embeded embedded|enviornment environment|enviroment environment
enviromental environmental|enviroments environments|equivalant equivalent|equivilent equivalent|excecute execute
excecuted executed|excecution execution|exection execution|exisiting existing|existance existence
existant existent|exlude exclude|exsist exist|exsists exists|explicitely explicitly|explicity explicitly|explictly explicitly
expresion expression|expresions expressions|finaly finally|follwing following|folowing following|foward forward
fucntion function|fucntions functions|fullfill fulfill|funciton function|funcitons functions|furthur further
garanteed guaranteed|gaurantee guarantee|gauranteed guaranteed|guarentee guarantee|guarenteed guaranteed
goverment government|grammer grammar|heirarchy hierarchy|hieght height|hierachy hierarchy|identifer identifier|identifers identifiers|immediatelly immediately
immediatly immediately|implemenation implementation|implemenations implementations|implementaion implementation
implemention implementation|implemetation implementation|implicitely implicitly|incompatability incompatibility
incompatable incompatible|inconsistant inconsistent|incorect incorrect|indepedent independent
independant independent|independantly independently|infomation information|initalise initialise
initalize initialize|initalized initialized|initialy initially|instanciate instantiate|instanciated instantiated
instanciates instantiates|intances instances|interupt interrupt|interupted interrupted|interupts interrupts
intial initial|intialize initialize|intialized initialized|intially initially|invokation invocation
langauge language|langauges languages|lenght length|lenghts lengths|libaries libraries|libary library
maintainance maintenance|maintainence maintenance|managment management|manualy manually|maximium maximum
mechnism mechanism|messsage message|mimimum minimum|minumum minimum|mispell misspell|mispelled misspelled
modifed modified|muliple multiple|mulitple multiple|multple multiple|mutiple multiple|neccesary necessary
neccessarily necessarily|neccessary necessary|necesarily necessarily|necesary necessary|necessery necessary
nonexistant nonexistent|noticable noticeable|occassion occasion|occassional occasional
occassionally occasionally|occurance occurrence|occurances occurrences|occured occurred|occurence occurrence
occurences occurrences|occuring occurring|omited omitted|ommit omit|ommited omitted|ommitted omitted
optinal optional|orginal original|orginally originally|orignal original|otherwhise otherwise|otherwize otherwise
ouput output|overriden overridden|overwriten overwritten|paralel parallel|paramater parameter
paramaters parameters|parameteres parameters|paramter parameter|paramters parameters|paremeter parameter
paremeters parameters|parrallel parallel|particulary particularly|peformance performance|perfomance performance
performace performance|permisions permissions|permissons permissions|persistant persistent|posible possible
possibilty possibility|possiblity possibility|preceeded preceded|preceeding preceding|precendence precedence
preferrable preferable|preferrably preferably|previos previous|previosly previously|priviledge privilege
priviledged privileged|priviledges privileges|priviliges privileges|probaly probably|proccess process
proccessed processed|proccessing processing|procesing processing|programatically programmatically
programaticaly programmatically|properites properties|propery property|propogate propagate|propogated propagated
propogates propagates|propogation propagation|psuedo pseudo|reccomend recommend|reccomended recommended
recieve receive|recieved received|reciever receiver|recieves receives|recieving receiving|recomend recommend
recomended recommended|recommeded recommended|recurively recursively|recursivly recursively|redundent redundant
refered referred|refering referring|refernce reference|refernces references|refrence reference
refrences references|regsiter register|regualr regular|relevence relevance|relevent relevant
repositiory repository|repositry repository|represantation representation|representaion representation
requirment requirement|requirments requirements|requred required|requried required|resouce resource
resouces resources|responsability responsibility|responsiblity responsibility|resposible responsible
retreive retrieve|retreived retrieved|retreives retrieves|retrive retrieve|retrived retrieved|retrun return
retruns returns|retuns returns|reutrn return|sepcific specific|sepcified specified|seperate separate
seperated separated|seperately separately|seperates separates|seperating separating|seperation separation
seperator separator|seperators separators|signficant significant|similarily similarly|similiar similar
simultaneosly simultaneously|specifed specified|specificly specifically|specifiy specify|speficic specific
speficied specified|statment statement|statments statements|straighforward straightforward
straightfoward straightforward|strucutre structure|struture structure|subsequant subsequent|succesful successful
succesfull successful|succesfully successfully|successfull successful|successfuly successfully|sucess success
sucessful successful|sucessfully successfully|sufficent sufficient|suported supported|suppport support
supress suppress|supressed suppressed|supresses suppresses|suprise surprise|sychronize synchronize
synchronus synchronous|syncronize synchronize|syncronized synchronized|syncronous synchronous|teh the
temorary temporary|temporaray temporary|temporarly temporarily|thier their|thourgh through|threshhold threshold
togehter together|tranform transform|transfered transferred|transfering transferring|truely truly
undefind undefined|unecessary unnecessary|unexpectly unexpectedly|unforseen unforeseen
unfortunatly unfortunately|unkown unknown|unneccesary unnecessary|unneccessary unnecessary
unnecesary unnecessary|unsuccesful unsuccessful|untill until|usefull useful|utilites utilities
utilties utilities|vairable variable|variabel variable|verfiy verify|visable visible|wheter whether|whihc which
whther whether|wierd weird|writting writing|yeild yield|yeilds yields`;

/** Lower-case misspelling → its correction. */
export function misspellings(): ReadonlyMap<string, string> {
  return new Map(PAIRS.split(/[|\n]/).map((pair) => pair.split(' ') as [string, string]));
}
